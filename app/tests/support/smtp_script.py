"""An SMTP server for tests that says what a script tells it to say.

smtp_script.py FOLDER RULES

RULES is a JSON list of {"at": STEP, "say": ANSWER, "for": TEXT, "times": NUMBER}. STEP is connect, ehlo, mail,
rcpt, data or end; ANSWER an SMTP reply, or "cut": the connection ends without a word. A rule counts for
commands that contain TEXT (all without it), NUMBER times (once without it). With "in_order": true a rule waits
until all before it are used up. Everything else is accepted; a message that was cut at its end is kept, too.

Listens on a free port of 127.0.0.1 and writes it to FOLDER/port; keeps mails as smtp_server.py does, with
what the envelope asked for, and counts connections in FOLDER/connections.
"""

import asyncio
import json
import os
import sys

folder, rules = sys.argv[1], json.loads(sys.argv[2])
kept = connections = 0


def scripted(step, said=""):
    for rule in rules:
        left = rule.setdefault("times", 1)
        if left and rule["at"] == step and rule.get("for", "") in said:
            rule["times"] -= 1
            return rule["say"]
        if left and rule.get("in_order"):
            return None
    return None


def keep(sender, recipients, parameters, content):
    global kept
    kept += 1
    name = os.path.join(folder, f"{kept:04}")
    with open(name + ".eml", "wb") as mail:
        mail.write(content)
    with open(name + ".tmp", "w") as text:
        json.dump({"from": sender, "to": recipients, "parameters": parameters}, text)
    os.rename(name + ".tmp", name + ".json")


def address(command):
    return command[command.index("<") + 1 : command.index(">")]


class Talk:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def answer(self, step, said, default):
        """Says what is scripted or the default; false if that was a refusal."""
        text = scripted(step, said) or default
        if text == "cut":
            raise ConnectionResetError
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()
        return text[0] in "23"

    async def content(self):
        lines = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    async def run(self):
        if not await self.answer("connect", "", "220 mail.example ready"):
            return
        sender, recipients, parameters = "", [], ""
        while line := (await self.reader.readline()).decode():
            verb, said = line[:4].upper(), line.strip()
            if verb == "EHLO":
                offers = "250-mail.example\r\n250-SIZE 20000000\r\n250-8BITMIME\r\n250 DSN"
                await self.answer("ehlo", said, offers)
            elif verb == "MAIL":
                sender, recipients, parameters = address(said), [], said
                await self.answer("mail", said, "250 2.1.0 ok")
            elif verb == "RCPT":
                if await self.answer("rcpt", said, "250 2.1.5 ok"):
                    recipients.append(address(said))
                    parameters += " | " + said
            elif verb == "DATA":
                if await self.answer("data", said, "354 go on"):
                    content = await self.content()
                    text = scripted("end", content.decode(errors="replace")) or "250 2.0.0 kept"
                    if text == "cut" or text[0] == "2":
                        keep(sender, recipients, parameters, content)
                    if text == "cut":
                        raise ConnectionResetError
                    self.writer.write(text.encode() + b"\r\n")
            elif verb == "QUIT":
                self.writer.write(b"221 2.0.0 bye\r\n")
                return
            else:
                self.writer.write(b"250 2.0.0 ok\r\n")
            await self.writer.drain()


async def talk(reader, writer):
    global connections
    connections += 1
    with open(os.path.join(folder, "connections"), "w") as file:
        file.write(str(connections))
    try:
        await Talk(reader, writer).run()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve():
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 26)
    with open(os.path.join(folder, "port"), "w") as file:
        file.write(f"{server.sockets[0].getsockname()[1]}\n")
    await server.serve_forever()


asyncio.run(serve())
