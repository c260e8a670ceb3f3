-- The latest finished run of each status of a source decides its state: found without reading the others.
ALTER TABLE source_run ADD KEY latest (source_id, status, finished_at)
