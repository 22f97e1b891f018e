-- Every state that a role or policy has had, by the sequence of the event that carries it. Written by the database in
-- the transaction that appends the event, so that no decision can have seen a state that isn't here.
create table authority_history (
  org_id   text   not null,
  kind     text   not null,
  id       text   not null,
  revision bigint not null,
  state    bytea  not null,
  primary key (org_id, kind, id, revision)
);

create function keep_authority() returns trigger
language plpgsql
as $$
begin
  insert into authority_history (org_id, kind, id, revision, state)
  values (split_part(new.key, '/', 1), split_part(new.key, '/', 2), substr(new.key,
      length(split_part(new.key, '/', 1)) + length(split_part(new.key, '/', 2)) + 3), new.seq, new.data)
  on conflict do nothing;
  return null;
end
$$;

create trigger outbox_keeps_authority after insert on outbox
for each row when (new.topic = 'relayauth.policy.v1' and new.data is not null
    and split_part(new.key, '/', 2) in ('policy', 'role'))
execute function keep_authority();
