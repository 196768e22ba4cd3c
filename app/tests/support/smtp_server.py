"""A real SMTP server for tests: keeps every mail it accepts.

smtp_server.py FOLDER FAILURES

Listens on a free port of 127.0.0.1 and writes it to FOLDER/port. Writes each mail to FOLDER as
0001.eml, its envelope as 0001.json (last, so that who sees it sees all). Answers the first FAILURES
mails with 451; recipients whose name starts with "nobody" get 550. Deliberately absent: TLS, login.
"""

import asyncio
import json
import os
import sys

from aiosmtpd.smtp import SMTP

folder, failures = sys.argv[1], int(sys.argv[2])


class Keeper:
    accepted = 0
    refused = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.refused < failures:
            self.refused += 1
            return "451 4.3.0 try again later"
        self.accepted += 1
        name = os.path.join(folder, f"{self.accepted:04}")
        with open(name + ".eml", "wb") as mail:
            mail.write(envelope.original_content)
        with open(name + ".tmp", "w") as text:
            json.dump({"from": envelope.mail_from, "to": envelope.rcpt_tos}, text)
        os.rename(name + ".tmp", name + ".json")
        return "250 2.0.0 kept"


async def serve():
    keeper = Keeper()
    listen = asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, hostname="mail.example", enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    server = await listen
    with open(os.path.join(folder, "port"), "w") as file:
        file.write(f"{server.sockets[0].getsockname()[1]}\n")
    await server.serve_forever()


asyncio.run(serve())
