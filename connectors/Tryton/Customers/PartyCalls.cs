using System.Globalization;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Tryton's parties: find, create, change.</summary>
internal sealed class PartyCalls(TrytonClient tryton)
{
    private const string Model = "party.party";

    private static readonly string[] Fields =
    [
        "code", "name", "active", "addresses.party_name", "addresses.name", "addresses.street", "addresses.postal_code", "addresses.city", "addresses.invoice", "addresses.delivery",
        "contact_mechanisms.type", "contact_mechanisms.value", "account_receivable",
    ];

    /// <summary>A party by its id, or by its code as people see it; null when it is not there.</summary>
    public async Task<Party?> FindAsync(Steps steps, string idOrCode, CancellationToken stop)
    {
        object[] where = int.TryParse(idOrCode, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? ["OR", new object[] { "id", "=", id }, new object[] { "code", "=", idOrCode }]
            : ["code", "=", idOrCode];
        var found = await SearchAsync(steps, where, idOrCode, stop);
        return found.FirstOrDefault(party => party.Id == id) ?? found.FirstOrDefault();
    }

    /// <summary>The parties that carry a code.</summary>
    public Task<List<Party>> FindByCodeAsync(Steps steps, string code, string name, CancellationToken stop) => SearchAsync(steps, ["code", "=", code], name, stop);

    /// <summary>Creates a party; answers its id.</summary>
    public async Task<int> CreateAsync(Steps steps, NewParty party, CancellationToken stop) =>
        (await tryton.WriteAsync<int[]>(steps, new($"model.{Model}.create", $"customer {party.Name}", (object)new[] { party }), stop))[0];

    /// <summary>Changes a party.</summary>
    public async Task<int> ChangeAsync(Steps steps, int id, PartyChange change, CancellationToken stop)
    {
        await tryton.WriteAsync<object?>(steps, new($"model.{Model}.write", $"customer {change.Name}", new[] { id }, change), stop);
        return id;
    }

    private Task<List<Party>> SearchAsync(Steps steps, object[] where, string name, CancellationToken stop) => tryton.AskAsync<List<Party>>(
        steps, Rpc.Search(Model, $"customer {name}", [where, CatalogueCalls.Always], Fields, order: Rpc.OldestFirst), stop);
}
