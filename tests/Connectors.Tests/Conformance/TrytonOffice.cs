using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing.Run;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A database of the real Tryton, with somebody at work in it who is not us: its administrator, and the administrator of its PostgreSQL.</summary>
internal sealed class TrytonOffice : IAsyncDisposable
{
    private readonly TrytonAddress tryton;
    private readonly TrytonRpc rpc;
    private readonly NpgsqlDataSource sql;
    private readonly Dictionary<string, int> ids = [];

    private TrytonOffice(TrytonAddress tryton, string database, TrytonRpc rpc, NpgsqlDataSource sql) =>
        (this.tryton, Database, this.rpc, this.sql, Password) = (tryton, database, rpc, sql, tryton.Password);

    /// <summary>Its name.</summary>
    public string Database { get; }

    /// <summary>Who connections sign in as.</summary>
    public string User => tryton.User;

    /// <summary>The password that they are let in with.</summary>
    public string Password { get; private set; }

    /// <summary>A new database with its books set up.</summary>
    public static async Task<TrytonOffice> OpenAsync(TrytonAddress tryton, Uri server)
    {
        var database = $"tryton_{Guid.NewGuid():N}";
        await tryton.MakeDatabaseAsync(database);
        var office = new TrytonOffice(
            tryton, database, new TrytonRpc(server, database), NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(tryton.Postgres) { Database = database, MaxPoolSize = 4 }.ConnectionString));
        await office.rpc.SignInAsync("admin", tryton.Password, default);
        return office;
    }

    /// <summary>Calls a method of a model as the administrator.</summary>
    public Task<JsonNode?> CallAsync(string method, params JsonNode?[] parameters) => rpc.CallAsync(method, [.. parameters], default);

    /// <summary>Rows of a model.</summary>
    public async Task<JsonArray> SearchAsync(string model, JsonArray domain, params string[] fields) => (JsonArray)(await rpc.CallAsync(
        $"{model}.search_read", [domain, 0, null, new JsonArray(new JsonArray("id", "ASC")), new JsonArray([.. fields.Select(field => JsonValue.Create(field))])], default))!;

    /// <summary>Creates a row; answers its id.</summary>
    public Task<int> CreateAsync(string model, JsonObject values) => rpc.CreateAsync(model, values, default);

    /// <summary>The id of a thing of the set-up, by a field.</summary>
    public async Task<int> IdAsync(string model, string field, string value)
    {
        if (ids.TryGetValue($"{model} {value}", out var known))
            return known;
        return ids[$"{model} {value}"] = (await rpc.FindAsync(model, [new JsonArray(field, "=", value)], default))!.Value;
    }

    /// <summary>A statement past Tryton.</summary>
    public async Task ExecuteAsync(string statement)
    {
#pragma warning disable CA2100 // Written by the cases.
        await using var command = sql.CreateCommand(statement);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The greatest id of a table; 0 where it is empty.</summary>
    public async Task<int> LastAsync(string table)
    {
#pragma warning disable CA2100 // Written by the cases.
        await using var command = sql.CreateCommand($"select coalesce(max(id), 0) from {table}");
#pragma warning restore CA2100
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>All sessions end; who signed in wrongly is forgiven.</summary>
    public async Task EndSessionsAsync()
    {
        await ExecuteAsync($"delete from ir_session where create_uid = (select id from res_user where login = '{User}'); delete from res_user_login_attempt");
    }

    /// <summary>The user of connections gets another password, and its sessions end.</summary>
    public async Task ChangePasswordAsync()
    {
        // Tryton wants one whose characters differ.
        var letters = "abcdefghijkmnpqrstuvwxyz23456789".ToCharArray();
        Random.Shared.Shuffle(letters);
        Password = new string(letters[..16]);
        await CallAsync("res.user.write", new JsonArray(await IdAsync("res.user", "login", User)), new JsonObject { ["password"] = Password });
        await EndSessionsAsync();
    }

    /// <summary>A product that is sold, by the piece.</summary>
    public async Task PutProductAsync(string sku, string name, decimal price)
    {
        var found = await SearchAsync("product.product", [new JsonArray("code", "=", sku), new JsonArray("active", "in", new JsonArray(true, false))], "template", "name", "active");
        if (found is [{ } there])
        {
            if ((string?)there["name"] != name || !(bool)there["active"]!)
                await CallAsync("product.template.write", new JsonArray((int)there["template"]!), new JsonObject { ["name"] = name, ["active"] = true });
            return;
        }

        var piece = await IdAsync("product.uom", "name", "Piece");
        await CreateAsync("product.template", new()
        {
            ["name"] = name, ["type"] = "goods", ["default_uom"] = piece, ["sale_uom"] = piece, ["salable"] = true, ["list_price"] = TrytonRpc.Amount(price),
            ["account_category"] = await IdAsync("product.category", "name", "Goods, Standard"),
            ["products"] = new JsonArray(new JsonArray("create", new JsonArray(new JsonObject { ["suffix_code"] = sku, ["cost_price"] = TrytonRpc.Amount(1) }))),
        });
    }

    /// <summary>A product goes, with its template.</summary>
    public async Task DeleteProductAsync(string sku)
    {
        var found = (await SearchAsync("product.product", [new JsonArray("code", "=", sku)], "template"))[0]!;
        await CallAsync("product.product.delete", new JsonArray((int)found["id"]!));
        await CallAsync("product.template.delete", new JsonArray((int)found["template"]!));
    }

    /// <summary>A sale of somebody else.</summary>
    public async Task<int> SellAsync(string number, string comment)
    {
        var party = await CreateAsync("party.party", new() { ["name"] = $"Walk-in {number}", ["addresses"] = new JsonArray(new JsonArray("create", new JsonArray(new JsonObject()))) });
        return await CreateAsync("sale.sale", new()
        {
            ["party"] = party, ["company"] = 1, ["currency"] = await IdAsync("currency.currency", "code", "EUR"), ["number"] = number, ["comment"] = comment,
            ["lines"] = new JsonArray(new JsonArray("create", new JsonArray(new JsonObject { ["type"] = "line", ["quantity"] = 1, ["unit_price"] = TrytonRpc.Amount(1), ["description"] = "Something" }))),
        });
    }

    /// <summary>A figure as Tryton shows it.</summary>
    public static decimal Figure(JsonNode node) => decimal.Parse((string)node["decimal"]!, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        rpc.Dispose();
        await sql.DisposeAsync();
        await using var administrator = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(tryton.Postgres) { Pooling = false }.ConnectionString);
        await administrator.OpenAsync();
#pragma warning disable CA2100 // Made above.
        await using var drop = new NpgsqlCommand($"drop database {Database} with (force)", administrator);
#pragma warning restore CA2100
        await drop.ExecuteNonQueryAsync();
    }
}
