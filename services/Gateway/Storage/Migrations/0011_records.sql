-- What people have in hand when they look for a record: the SKU of a line, the number a destination gave it.
-- Lines of one SKU are one entry of the index with many places, so a push touches few pages of it.
create index order_line_by_sku on order_line (company_id, sku);
create index delivery_by_external_number on delivery (company_id, external_number text_pattern_ops) where external_number is not null;
