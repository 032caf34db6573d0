-- Documents as their destination last showed them, so that a person can compare them with what was captured and no page waits for a destination.
create table shown (
    company_id uuid not null,
    account text not null,
    document text not null,
    read_at timestamptz not null,
    content text not null,              -- JSON; as text, since jsonb refuses an escaped U+0000
    primary key (company_id, account, document)
);

do $$
declare
    service text := current_schema();
begin
    execute format('alter table shown enable row level security');
    execute format('alter table shown force row level security');
    execute format('create policy company on shown to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', service);
    execute format('grant select, insert, update on shown to %I', service);
end $$;
