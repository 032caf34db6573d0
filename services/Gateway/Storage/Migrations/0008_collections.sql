-- What connectors bring back from destinations. Rows of the office and rows of a destination live in one place; owner says which connection a row comes
-- from, none = the office's own. A row that is gone stays as removed: orders speak of it.

alter table item
    add column owner uuid,
    add column removed boolean not null default false,
    add column tax_rate numeric(9, 5),
    add column quantities_owned boolean not null default false,     -- the destination knows minimums and multiples
    add column categories text[] not null default '{}',
    add column barcodes text[] not null default '{}',
    add column attributes jsonb not null default '{}',
    add foreign key (company_id, owner) references connection;

alter table customer
    add column owner uuid,
    add column active boolean not null default true,
    add column removed boolean not null default false,
    add foreign key (company_id, owner) references connection;

-- Which connections offer a collection, and which one's rows count. The version rises with each change of the source, for all of them.
create table collection_source (
    company_id uuid not null,
    collection text not null,
    connection_id uuid not null,
    is_source boolean not null,
    version bigint not null,
    since timestamptz not null,
    leftovers boolean not null default false,   -- it was the source, and its rows stay until the new one has sent all of its own
    primary key (company_id, collection, connection_id),
    foreign key (company_id, connection_id) references connection
);
create unique index collection_source_one on collection_source (company_id, collection) where is_source;

-- The newest version taken of each row; target = the thing here that it speaks of.
create table pulled_row (
    company_id uuid not null,
    connection_id uuid not null,
    collection text not null,
    key text not null,
    epoch bigint not null,
    version bigint not null,
    import bigint not null,
    deleted boolean not null,
    target text,
    problem text,                               -- why it could not be taken over
    at timestamptz not null,
    primary key (company_id, connection_id, collection, key),
    foreign key (company_id, connection_id) references connection
);
create index pulled_row_by_target on pulled_row (company_id, connection_id, collection, target) where target is not null;
create index pulled_row_problem on pulled_row (company_id, connection_id, collection, key) where problem is not null;

create table price_list (
    company_id uuid not null,
    connection_id uuid not null,
    key text not null,
    name text not null,
    active boolean not null,
    currency text,
    percent numeric,
    primary key (company_id, connection_id, key),
    foreign key (company_id, connection_id) references connection
);

create table price (
    company_id uuid not null,
    connection_id uuid not null,
    key text not null,
    sku text not null,
    price_list text,
    customer text,
    from_quantity numeric not null,
    to_quantity numeric,
    unit_price numeric not null,
    currency text,
    primary key (company_id, connection_id, key),
    foreign key (company_id, connection_id) references connection
);
create index price_by_sku on price (company_id, sku);

create table stock (
    company_id uuid not null,
    connection_id uuid not null,
    key text not null,
    sku text not null,
    location text not null,
    location_name text,
    available numeric not null,
    on_hand numeric,
    committed numeric,
    as_of timestamptz not null,
    primary key (company_id, connection_id, key),
    foreign key (company_id, connection_id) references connection
);
create index stock_by_sku on stock (company_id, sku);

-- Sales orders and invoices at a destination, ours and others', and each state they were seen in.
create table erp_document (
    company_id uuid not null,
    connection_id uuid not null,
    collection text not null,
    key text not null,
    number text not null,
    status text not null,
    total numeric,
    balance numeric,
    currency text,
    date date,
    due_date date,
    customer_key text,
    order_key text,
    at timestamptz not null,
    primary key (company_id, connection_id, collection, key),
    foreign key (company_id, connection_id) references connection
);
create index erp_document_by_order on erp_document (company_id, connection_id, order_key) where order_key is not null;
create index erp_document_by_customer on erp_document (company_id, connection_id, customer_key) where customer_key is not null;

create table erp_document_event (
    company_id uuid not null,
    connection_id uuid not null,
    collection text not null,
    key text not null,
    epoch bigint not null,
    version bigint not null,
    at timestamptz not null,
    number text not null,
    status text not null,
    total numeric,
    balance numeric,
    primary key (company_id, connection_id, collection, key, epoch, version),
    foreign key (company_id, connection_id) references connection
);

do $$
declare
    name text;
begin
    foreach name in array array['collection_source', 'pulled_row', 'price_list', 'price', 'stock', 'erp_document', 'erp_document_event'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update on collection_source, erp_document to gateway;
grant select, insert, update, delete on pulled_row, price_list, price, stock to gateway;
grant select, insert on erp_document_event to gateway;
