using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Email.Storage;

/// <summary>What the e-mail connector keeps beside the ledger; it carries the migrations only, rows are read and written in SQL.</summary>
/// <param name="options">As the schema run makes them.</param>
public sealed class EmailContext(DbContextOptions<EmailContext> options) : DbContext(options);

[DbContext(typeof(EmailContext))]
[Migration("0001_rendering")]
internal sealed class AddRendering() : SqlMigration("0001_rendering.sql");

[DbContext(typeof(EmailContext))]
[Migration("0002_looks")]
internal sealed class AddLooks() : SqlMigration("0002_looks.sql");
