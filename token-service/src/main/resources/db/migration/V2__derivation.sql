-- What the tokens of a session come from: a workspace token or exchanged token, its class, the actor.
alter table session
  add column parent_token_id text,
  add column token_class     text,
  add column paths           text[] not null default '{}',
  add column act             text;
