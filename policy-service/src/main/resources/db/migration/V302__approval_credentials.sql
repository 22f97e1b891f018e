-- The API key that issued the token of the human who answered, when one did.
alter table approval add column credential_id text;
