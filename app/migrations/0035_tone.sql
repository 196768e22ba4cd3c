-- How customers are addressed where a language knows the difference: formal („Sie") or informal („Du").

-- NULL: nobody said, so the queue's counts
ALTER TABLE customers ADD COLUMN tone TEXT;
ALTER TABLE queues ADD COLUMN tone TEXT NOT NULL DEFAULT 'formal';

-- The same text for those who are addressed informally; empty: there is none, the other one is used.
ALTER TABLE snippet_texts ADD COLUMN informal TEXT NOT NULL DEFAULT '';
ALTER TABLE answer_frames ADD COLUMN informal_greeting TEXT NOT NULL DEFAULT '';
ALTER TABLE answer_frames ADD COLUMN informal_closing TEXT NOT NULL DEFAULT '';
ALTER TABLE answer_runs ADD COLUMN text_de_informal TEXT NOT NULL DEFAULT '';
ALTER TABLE tellings ADD COLUMN template_de_informal TEXT NOT NULL DEFAULT '';
ALTER TABLE acknowledgement_settings ADD COLUMN text_de_informal TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_patience ADD COLUMN text_de_informal TEXT;
