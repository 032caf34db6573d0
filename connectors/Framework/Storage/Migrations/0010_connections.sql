-- What a refused document waits for that the office can map, and how an approval ended.

-- Only while the document is refused: see MappingStore.
alter table document
    add column unmapped_kind text,
    add column unmapped text;
create index document_unmapped on document (company_id, connection_id, unmapped_kind) where state = 'refused' and unmapped_kind is not null;

-- In words, for the person who comes back to the console.
alter table approval
    add column ended_at timestamptz,
    add column works boolean,
    add column title text,
    add column message text;
