-- Which leaves have no row any more because their time was over.
alter table audit_tree add column expired int8multirange not null default '{}';
