-- What devices need to sell without a line: more of each product, who may see what, reps, quick keys, settings, images.
-- Runs as the owner, with the gateway's schema in the search path.

-- Scope keys are texts such as rep:<id>, territory:<code>, branch:<code>, class:<name>. A row without any is for every device of the company,
-- else for those that have at least one of its keys.
alter table item
    add column description text,
    add column collections text[] not null default '{}',
    add column specifications jsonb not null default '{}',
    add column has_modifiers boolean not null default false,    -- sold with choices that only the server can check: not without a line
    add column scope text[] not null default '{}';

alter table customer
    add column territory text,
    add column reps uuid[] not null default '{}';

alter table rep
    add column role text,
    add column rights text[] not null default '{}',
    add column price_list text,
    add column territories text[] not null default '{}',
    add column branches uuid[] not null default '{}';           -- where they sell; none = everywhere

alter table device
    add column class text not null default 'phone' check (class in ('phone', 'tablet', 'register')),
    add column ready_at timestamptz,                            -- its first download was acknowledged whole
    add column ready_epoch uuid;

-- Buttons of a register: one layout a branch, or one for all.
create table quick_key_layout (
    company_id uuid not null references company,
    name text not null,
    keys jsonb not null,
    scope text[] not null default '{}',
    primary key (company_id, name)
);

-- What a company has set; what it has not is the default in code.
create table company_setting (
    company_id uuid not null references company,
    name text not null,
    value jsonb not null,
    primary key (company_id, name)
);

-- Bytes once for a company, however many products show them.
create table image (
    company_id uuid not null references company,
    sha256 bytea not null check (length(sha256) = 32),
    content_type text not null,
    bytes bytea not null,
    created_at timestamptz not null default now(),
    primary key (company_id, sha256)
);
alter table image alter column bytes set storage external;      -- compressed already, and ranges are read from it

create table product_image (
    company_id uuid not null,
    sku text not null,
    place int not null,
    sha256 bytea not null,
    primary key (company_id, sku, place),
    foreign key (company_id, sku) references item,
    foreign key (company_id, sha256) references image
);

do $$
declare
    name text;
begin
    foreach name in array array['quick_key_layout', 'company_setting', 'image', 'product_image'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update, delete on quick_key_layout, company_setting, product_image to gateway;
grant select, insert, delete on image to gateway;
