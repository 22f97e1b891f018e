-- Who answers for a key and who stands above the identity it acts as, as they were published. Keys
-- from before this column have none; the next start gives it to them and publishes them anew.
alter table api_key add column sponsor_chain text[];
create index api_key_without_chain on api_key (id) where sponsor_chain is null;
