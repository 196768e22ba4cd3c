-- Whoever called or came by was spoken with by somebody of the house, who wrote it down: that was the answer.
ALTER TABLE contacts ADD COLUMN heard BOOLEAN NOT NULL DEFAULT FALSE;
