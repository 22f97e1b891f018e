-- A stream that asks for nothing gets nothing; null is one that left it to us, as all those did.
alter table signal_stream alter column requested drop not null;
update signal_stream set requested = null where requested = '{}';
