namespace OrderSync.Device;

/// <summary>A rep.</summary>
/// <param name="Id">Id at the gateway.</param>
/// <param name="Name">Name.</param>
/// <param name="Role">What they are.</param>
/// <param name="Rights">What they may do.</param>
/// <param name="PriceList">Their default price list.</param>
/// <param name="Territories">Where they sell.</param>
/// <param name="Email">Where they are written to.</param>
public sealed record Rep(Guid Id, string Name, string? Role, IReadOnlyList<string> Rights, string? PriceList, IReadOnlyList<string> Territories, string? Email)
{
    internal static Rep? Of(string key, RowBody row) => Guid.TryParse(key, out var id)
        ? new(id, row.Text("name") ?? key, row.Text("role"), row.Texts("rights"), row.Text("priceList"), row.Texts("territories"), row.Text("email"))
        : null;
}

/// <summary>A tax.</summary>
/// <param name="Code">The company's code.</param>
/// <param name="Name">As shown.</param>
/// <param name="Rate">Per cent.</param>
public sealed record Tax(string Code, string? Name, decimal Rate)
{
    internal static Tax? Of(string key, RowBody row) => row.Number("rate") is { } rate ? new(row.Text("code") ?? key, row.Text("name"), rate) : null;
}
