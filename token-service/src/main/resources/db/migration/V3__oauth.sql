-- Who may become an actor for the subject, and the key that the tokens of a session are bound to.
alter table session
  add column may_act text[] not null default '{}',
  add column jkt     text;
create index session_by_end on session (expires_at);

-- The key that signed an access token, so that removing it tells of the token by its jti.
alter table token add column kid text;

-- A key without an activation time is a standby: published, so that it can sign from one moment to
-- the next. The event id is of a revocation that the revocation service has not confirmed yet.
alter table signing_key
  alter column activated_at drop not null,
  add column unconfirmed_revocation text;
create index signing_key_unconfirmed on signing_key (kid) where unconfirmed_revocation is not null;

-- Public keys by which an identity authenticates as an OAuth client (RFC 7523 §2.2).
create table client_key (
  id          text        primary key,
  org         text        not null,
  identity_id text        not null,
  kid         text        not null,
  jwk         text        not null,
  scopes      text[]      not null,
  created_by  text        not null,
  created_at  timestamptz not null
);
create unique index client_key_by_kid on client_key (identity_id, kid);
create index client_key_by_org on client_key (org, identity_id);

-- Assertions that were used, until they expire: each counts once at all replicas together.
create table used_assertion (
  digest     text        primary key,
  expires_at timestamptz not null
);
create index used_assertion_by_end on used_assertion (expires_at);
