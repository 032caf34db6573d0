using System.Globalization;
using Microsoft.AspNetCore.Components;
using OrderSync.Console.Design;
using OrderSync.Console.Gateway;

namespace OrderSync.Console.Connections;

/// <summary>What of ours stands for what of the destination: what documents wait for first, then what is mapped, then what could be.</summary>
public sealed partial class MappingsPage
{
    private static readonly string[] PaymentMethods = ["cash", "cheque", "bankTransfer", "externalTerminal", "other"];

    private IReadOnlyList<MappingState> kinds = [];
    private MappingState kind = null!;
    private Heard<CandidateList> candidates = new(null, null);
    private List<Row> rows = [];
    private string? problem, away;

    /// <summary>The connection's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [SupplyParameterFromQuery]
    private string? Kind { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [CascadingParameter]
    private SignIn.Session Session { get; set; } = null!;

    private string Here => $"/connections/{Uri.EscapeDataString(Name)}/mappings";

    private sealed record Row(string Ours, string About, string Id, string? Name, Missing? Waiting);

    private sealed record OursList(IReadOnlyList<Tax>? Taxes, IReadOnlyList<Rep>? Reps, IReadOnlyList<Branch>? Branches);

    private sealed record Tax(string Code, string Name, decimal Rate);

    private sealed record Rep(Guid Id, string Name, string? Email);

    private sealed record Branch(string Code, string Name);

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        // That there is such a connection at all is the gateway's to say.
        await Gateway.GetAsync<ConnectionDetail>($"/v1/office/connections/{Uri.EscapeDataString(Name)}", default);
        var heard = await Gateway.HearAsync<MappingList>(ConnectorAnswers.Path(Name, "mappings"));
        (kinds, away) = (heard.Answer?.Mappings ?? [], heard.WhyNot);
        if (kinds.Count == 0)
            return;
        // A destination counts calls: only the list that is looked at is asked for.
        kind = kinds.FirstOrDefault(one => one.Name == Kind) ?? kinds.MaxBy(one => one.Missing.Sum(row => row.Documents))!;
        candidates = await Gateway.HearAsync<CandidateList>(ConnectorAnswers.Path(Name, $"mappings/{kind.Name}/candidates"));
        var ours = await OursAsync();
        var mapped = kind.Entries.ToDictionary(entry => entry.Ours, StringComparer.OrdinalIgnoreCase);
        rows =
        [
            .. kind.Missing.Select(one => Of(one.Ours, one)),
            .. kind.Entries.Where(entry => !IsMissing(entry.Ours)).OrderBy(entry => entry.Ours, StringComparer.OrdinalIgnoreCase).Select(entry => Of(entry.Ours, null)),
            .. ours.Where(one => !IsMissing(one.Key) && !mapped.ContainsKey(one.Key)).Select(one => Of(one.Key, null)),
            .. Session.MayChange ? [new Row("", "", "", null, null)] : (Row[])[],
        ];

        bool IsMissing(string name) => kind.Missing.Any(one => one.Ours.Equals(name, StringComparison.OrdinalIgnoreCase));

        Row Of(string name, Missing? waiting) => new(name, ours.GetValueOrDefault(name) ?? "", mapped.GetValueOrDefault(name)?.Id ?? "", mapped.GetValueOrDefault(name)?.Name, waiting);
    }

    private async Task<Dictionary<string, string>> OursAsync()
    {
        var ours = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (kind.Of is "paymentMethods")
            foreach (var method in PaymentMethods)
                ours[method] = "";
        if (kind.Of is not ("taxes" or "reps" or "branches"))
            return ours;
        var list = await Gateway.GetAsync<OursList>($"/v1/office/{kind.Of}?limit=500", default);
        foreach (var tax in list.Taxes ?? [])
            ours[tax.Code] = $"{tax.Name}, {tax.Rate.ToString("0.#####", CultureInfo.InvariantCulture)} %";
        foreach (var rep in list.Reps ?? [])
            ours[rep.Email ?? rep.Id.ToString()] = rep.Name;
        foreach (var branch in list.Branches ?? [])
            ours[branch.Code] = branch.Name;
        return ours;
    }

    private async Task SaveAsync()
    {
        var sent = Http.Request.Form;
        var entries = new List<object>();
        for (var i = 0; sent.ContainsKey($"ours-{i}"); i++)
        {
            var (ours, id, was) = (sent[$"ours-{i}"].ToString().Trim(), sent[$"id-{i}"].ToString().Trim(), sent[$"was-{i}"].ToString());
            if (ours.Length > 0 && id != was)
                entries.Add(new { ours, id = id.Length == 0 ? null : id });
        }

        var of = sent["kind"].ToString();
        if (entries.Count == 0)
        {
            problem = "Nothing was changed. Choose what stands for a name, then save.";
            return;
        }

        var saved = await Gateway.HearAsync<MappingSaved>(HttpMethod.Post, ConnectorAnswers.Path(Name, $"mappings/{Uri.EscapeDataString(of)}"), new { entries });
        problem = saved.WhyNot;
        if (saved.Answer is { } answer)
            Navigation.GoTo(Http, $"{Here}?kind={of}", $"Saved.{(answer.Released > 0 ? $" {Words.Count(answer.Released, "document")} that waited for it {(answer.Released == 1 ? "goes" : "go")} on now." : "")}");
    }
}
