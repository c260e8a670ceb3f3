-- handed_at: the server has had the whole message and its answer is awaited. A row that stays so (the answer never came)
-- is not sent again: it may have been accepted. A reset's row names an address alone: who that is, is seen when it is sent.
ALTER TABLE outbox
  ADD COLUMN handed_at DATETIME(3) NULL,
  ADD KEY recipient (recipient, created_at),
  ADD KEY user (user_id, created_at)
