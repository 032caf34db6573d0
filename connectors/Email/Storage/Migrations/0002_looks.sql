-- A rendering is of (record, revision) whatever the look is called: the first one counts for ever. Its number names the record in receipts,
-- its logo goes along with each mail, its remark says why it does not look as the company wished.
alter table rendering add column number text;
alter table rendering add column logo_type text;
alter table rendering add column logo bytea;
alter table rendering add column remark text;
