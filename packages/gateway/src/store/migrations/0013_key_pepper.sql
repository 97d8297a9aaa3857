-- 0013 (compatible with 0011+): what digests of API keys are made with, under seal, so that the master key can change
--
-- A gateway of 0011 or 0012 goes on as before: it derives the same value from the master key that it was started with.
alter table installation add column key_pepper bytea;
