using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Framework.Storage;

/// <summary>Carries the ledger's migrations, which are SQL files. The ledger itself is read and written by Npgsql: all of it is a hot path.</summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options);

[DbContext(typeof(LedgerContext)), Migration("0001_ledger")]
internal sealed class Ledger0001() : SqlMigration("0001_ledger.sql");

[DbContext(typeof(LedgerContext)), Migration("0002_budgets")]
internal sealed class Ledger0002() : SqlMigration("0002_budgets.sql");

[DbContext(typeof(LedgerContext)), Migration("0003_calls")]
internal sealed class Ledger0003() : SqlMigration("0003_calls.sql");

[DbContext(typeof(LedgerContext)), Migration("0004_levels")]
internal sealed class Ledger0004() : SqlMigration("0004_levels.sql");

[DbContext(typeof(LedgerContext)), Migration("0005_pull")]
internal sealed class Ledger0005() : SqlMigration("0005_pull.sql");

[DbContext(typeof(LedgerContext)), Migration("0006_wishes")]
internal sealed class Ledger0006() : SqlMigration("0006_wishes.sql");

[DbContext(typeof(LedgerContext)), Migration("0007_deliver")]
internal sealed class Ledger0007() : SqlMigration("0007_deliver.sql");

[DbContext(typeof(LedgerContext)), Migration("0008_intake")]
internal sealed class Ledger0008() : SqlMigration("0008_intake.sql");

[DbContext(typeof(LedgerContext)), Migration("0009_shown")]
internal sealed class Ledger0009() : SqlMigration("0009_shown.sql");

[DbContext(typeof(LedgerContext)), Migration("0010_connections")]
internal sealed class Ledger0010() : SqlMigration("0010_connections.sql");

[DbContext(typeof(LedgerContext)), Migration("0014_sent_as")]
internal sealed class Ledger0014() : SqlMigration("0014_sent_as.sql");
