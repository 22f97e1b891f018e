-- Identities whose end is to come, the next one first.
create index identity_ending on identity (expires_at)
 where expires_at is not null and status in ('active', 'suspended');

-- The keys of an identity, which lose what the identity loses.
create index api_key_of_identity on api_key (org_id, identity_id)
 where identity_id is not null and revoked_at is null;

-- What a role gave when it was last seen: whoever has it loses their tokens when it gives less.
create table role_scopes (
  org_id   text   not null,
  role_id  text   not null,
  revision bigint not null,
  scopes   text[] not null,
  primary key (org_id, role_id)
);
