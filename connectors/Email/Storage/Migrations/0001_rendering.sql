-- What was rendered of a record: every mail, repeat and preview uses these bytes.
create table rendering (
    company_id uuid not null,
    record_id uuid not null,
    revision int not null,
    template text not null,
    language text not null,
    html text not null,
    body text not null,
    pdf bytea not null,
    sha256 text not null,
    rendered_at timestamptz not null,
    primary key (company_id, record_id, revision, template)
);

-- A PDF is compressed already.
alter table rendering alter column pdf set storage external;

alter table rendering enable row level security;
alter table rendering force row level security;
create policy company on rendering
    using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))
    with check (company_id = (select nullif(current_setting('app.company', true), '')::uuid));

-- Written once, never changed.
grant select, insert on rendering to email;
