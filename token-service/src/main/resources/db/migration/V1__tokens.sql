-- Keys of the deployment. The private JWK is AES-GCM ciphertext with the kid as associated data.
create table signing_key (
  kid          text        primary key,
  alg          text        not null,
  public_jwk   text        not null,
  private_jwk  bytea       not null,
  created_at   timestamptz not null,
  activated_at timestamptz not null,
  retired_at   timestamptz,
  removed_at   timestamptz
);

-- One row a session: what every token of the family has in common.
create table session (
  sid                text        primary key,
  org                text        not null,
  identity_id        text        not null,
  workspace_id       text,
  sponsor_chain      text[]      not null,
  client_id          text        not null,
  scopes             text[]      not null,
  audience           text[]      not null,
  lineage            text[]      not null,
  access_ttl_seconds bigint      not null,
  created_at         timestamptz not null,
  refresh_expires_at timestamptz not null,
  expires_at         timestamptz not null,
  revoked_at         timestamptz,
  revoked_reason     text,
  -- The event id of a revocation that the revocation service has not confirmed yet.
  unconfirmed_revocation text
);

create index session_by_identity on session (org, identity_id, created_at desc, sid desc);
create index session_unconfirmed on session (sid) where unconfirmed_revocation is not null;

-- One row a pair: the access token by its jti, and the refresh token issued with it by its hash.
create table token (
  jti             text        primary key,
  sid             text        not null,
  org             text        not null,
  generation      integer     not null,
  issued_at       timestamptz not null,
  expires_at      timestamptz not null,
  rev             bigint      not null,
  refresh_hash    text,
  refresh_used_at timestamptz
);

create unique index token_by_refresh_hash on token (refresh_hash) where refresh_hash is not null;
create unique index token_by_generation on token (sid, generation);
