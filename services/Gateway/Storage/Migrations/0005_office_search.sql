-- What the office searches by. Under row-level security only leakproof operators reach an index, so texts are found by their beginning (text_pattern_ops
-- ranges) and customers by a narrow index that is read instead of the table.
-- Each index on record is paid for by every push; an order by received_at within each key lets a page stop after its last row.

create index record_by_customer on record (company_id, customer_id, received_at desc) where customer_id is not null;
create index record_by_people on record (company_id, kind, branch_id, rep_id, device_id, received_at desc);
create index record_by_date on record (company_id, kind, document_date, received_at desc);
create index record_by_open_state on record (company_id, state, received_at desc) where state <> 'accepted';

drop index record_by_reference;
create index record_by_reference on record (company_id, reference text_pattern_ops) where reference is not null;

-- The same uniqueness, and numbers can be found by how they begin.
create unique index record_number_by_number on record_number (company_id, number text_pattern_ops);
alter table record_number drop constraint record_number_company_id_number_key;

-- When a record was given its number; unknown for those given before.
alter table record_number add column given_at timestamptz;
alter table record_number alter column given_at set default now();

alter table customer add column search text not null
    generated always as (lower(name || ' ' || coalesce(number, '') || ' ' || coalesce(code, captured_code, '') || ' ' || coalesce(email, ''))) stored;
create index customer_by_search on customer (company_id, search, customer_id);
