-- The only ones that may act for what a key issues, as the token that made it says.
alter table api_key add column may_act text[] not null default '{}';
