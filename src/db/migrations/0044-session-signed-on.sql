-- Was the session begun beside the web server's word for its user? It counts only beside that, then.
ALTER TABLE session ADD COLUMN signed_on BOOLEAN NOT NULL DEFAULT FALSE
