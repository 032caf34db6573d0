using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Gateway.Storage;

/// <summary>The gateway's schema for its schema run. Services read and write with Npgsql, under row-level security.</summary>
internal sealed class GatewayContext(DbContextOptions<GatewayContext> options) : DbContext(options);

[DbContext(typeof(GatewayContext)), Migration("202611210001_Initial")]
internal sealed class Initial() : SqlMigration("0001_initial.sql");

[DbContext(typeof(GatewayContext)), Migration("202611210002_ReleaseHeld")]
internal sealed class ReleaseHeld() : SqlMigration("0002_release_held.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220003_WaitingReceipts")]
internal sealed class WaitingReceipts() : SqlMigration("0003_waiting_receipts.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220004_Devices")]
internal sealed class Devices() : SqlMigration("0004_devices.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220005_OfficeSearch")]
internal sealed class OfficeSearch() : SqlMigration("0005_office_search.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220006_HotRows")]
internal sealed class HotRows() : SqlMigration("0006_hot_rows.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220007_Deliveries")]
internal sealed class Deliveries() : SqlMigration("0007_deliveries.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220008_Collections")]
internal sealed class Collections() : SqlMigration("0008_collections.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220009_Parked")]
internal sealed class ParkedTable() : SqlMigration("0009_parked.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220010_People")]
internal sealed class PeopleTables() : SqlMigration("0010_people.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220011_Records")]
internal sealed class RecordIndexes() : SqlMigration("0011_records.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220012_Attention")]
internal sealed class AttentionIndexes() : SqlMigration("0012_attention.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220013_Connections")]
internal sealed class ConnectionsAndDevices() : SqlMigration("0013_connections.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220014_Shelf")]
internal sealed class ShelfTables() : SqlMigration("0014_shelf.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220015_Feed")]
internal sealed class FeedLog() : SqlMigration("0015_feed.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220016_Epochs")]
internal sealed class EpochTables() : SqlMigration("0016_epochs.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220017_ShelfFeed")]
internal sealed class ShelfFeed() : SqlMigration("0017_shelf_feed.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220018_Load")]
internal sealed class FeedHeads() : SqlMigration("0018_load.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220021_Duplicates")]
internal sealed class Duplicates() : SqlMigration("0021_duplicates.sql");
[DbContext(typeof(GatewayContext)), Migration("202611220020_Rules")]
internal sealed class RulesTables() : SqlMigration("0020_rules.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220022_Bundle")]
internal sealed class BundleTables() : SqlMigration("0022_bundle.sql");
[DbContext(typeof(GatewayContext)), Migration("202611220019_Kinds")]
internal sealed class KindTables() : SqlMigration("0019_kinds.sql");
[DbContext(typeof(GatewayContext)), Migration("202611220023_Proof")]
internal sealed class OwnRecordsIndex() : SqlMigration("0023_proof.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220024_Pull")]
internal sealed class PullTables() : SqlMigration("0024_pull.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220025_RulesFeed")]
internal sealed class RulesFeed() : SqlMigration("0025_rules_feed.sql");

[DbContext(typeof(GatewayContext)), Migration("202611220026_Balances")]
internal sealed class SummedWhenAsked() : SqlMigration("0026_balances.sql");

[DbContext(typeof(GatewayContext)), Migration("202611230027_CustomersWanted")]
internal sealed class CustomersWanted() : SqlMigration("0027_customers_wanted.sql");
