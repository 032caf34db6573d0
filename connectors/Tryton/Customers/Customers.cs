using System.Globalization;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Brings customers to Tryton: finds ours by the code that only we give, or creates it. Nobody else's is taken over: what the office knows to be the same gets its ERP number.</summary>
internal sealed class Customers(PartyCalls tryton, TrytonCatalogue catalogue)
{
    public async Task<Outcome> PushAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (customer.ErpNumber is { } number)
        {
            if (await tryton.FindAsync(steps, number, stop) is not { } known)
                return new Outcome.Refused("customer.unknown", $"Tryton has no party {number}.", "Correct the customer's ERP number: the party's code in Tryton, or its id.");
            steps.Saw(Shown.Of(known));
            return new Outcome.Done(Id(known.Id), null, null);
        }

        var (connection, name) = (steps.Connection, customer.Body.Name.Trim());
        var theirs = (await tryton.FindByCodeAsync(steps, OurMark.Code(customer.Info.RecordId), name, stop)).FirstOrDefault();
        if (theirs is { Active: false })
            return new Outcome.Refused("customer.inactive", $"The party {name} is not active in Tryton.", "Make it active there (party, box Active), then Retry.");
        var countries = await CountriesAsync(customer, theirs is not null, steps, stop);
        if (theirs is null)
        {
            var id = await steps.OnceAsync("create", () => tryton.CreateAsync(steps, PartyMapping.ToParty(customer, countries, connection), stop));
            theirs = await ReadAsync(steps, id, stop);
        }
        else
        {
            await steps.FoundAsync("create", theirs.Id);
        }

        if (customer.Info.Revision > 1)
        {
            await steps.OnceAsync("change", () => tryton.ChangeAsync(steps, theirs.Id, PartyMapping.ToChange(customer, theirs, countries, connection), stop));
            theirs = await ReadAsync(steps, theirs.Id, stop);
        }

        steps.Saw(Shown.Of(theirs));
        return new Outcome.Done(Id(theirs.Id), null, null);
    }

    /// <summary>How Tryton shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) => await tryton.FindAsync(steps, document.ExternalId, stop) is { } party
        ? Shown.Of(party)
        : throw new OutcomeException(new Outcome.Refused("erp.gone", $"Tryton has no party {document.ExternalId} any more.", "It was deleted there. Make it again in Tryton, or enter another ERP number at the customer."));

    /// <summary>All parties that carry the customer's record id: more than one only where somebody took Tryton's own guard away.</summary>
    public async Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop) => customer.ErpNumber is not null
        ? null
        : [.. (await tryton.FindByCodeAsync(steps, OurMark.Code(customer.Info.RecordId), customer.Body.Name, stop)).Select(party => new Found(Id(party.Id), party.Name))];

    private async Task<Party> ReadAsync(Steps steps, int id, CancellationToken stop) => await tryton.FindAsync(steps, Id(id), stop)
        ?? throw new OutcomeException(new Outcome.Later("Tryton does not show the customer yet that it has just taken."));

    private async Task<Dictionary<string, int>> CountriesAsync(Customer customer, bool isThere, Steps steps, CancellationToken stop)
    {
        var found = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        if (isThere && customer.Info.Revision == 1)
            return found;
        foreach (var country in PartyMapping.Countries(customer.Body))
        {
            if (await catalogue.CountryAsync(steps, country, stop) is { } id)
                found[country] = id;
        }

        return found;
    }

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);
}
