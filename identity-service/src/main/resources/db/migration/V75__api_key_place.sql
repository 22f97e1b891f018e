-- The workspace of the identity that a key acts as. Keys from before this column whose identity is
-- in one lose their chain; the next start gives them both and publishes them anew.
alter table api_key add column place text;
update api_key k set sponsor_chain = null
  from identity i
 where i.org_id = k.org_id and i.id = k.identity_id and i.workspace_id is not null;
