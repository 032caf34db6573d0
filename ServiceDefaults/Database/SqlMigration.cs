using Microsoft.EntityFrameworkCore.Migrations;

namespace OrderSync.ServiceDefaults.Database;

/// <summary>A migration written by hand as SQL: the embedded file of the migration's own assembly that ends in <paramref name="file"/>.</summary>
public abstract class SqlMigration(string file) : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var assembly = GetType().Assembly;
        var resource = assembly.GetManifestResourceNames().Single(name => name.EndsWith("." + file, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}
