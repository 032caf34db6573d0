using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>What a person enters, before it is captured: a <see cref="NewCustomer"/>, <see cref="NewOrder"/>, <see cref="NewQuote"/>, <see cref="NewSale"/>, <see cref="NewReceipt"/>, <see cref="NewLead"/> or <see cref="NewActivity"/>.</summary>
public abstract record NewRecord
{
    private protected NewRecord()
    {
    }

    /// <summary>Name of the kind on the wire.</summary>
    internal abstract string Kind { get; }

    /// <summary>Version of the body's shape.</summary>
    internal virtual int Schema => 1;

    /// <summary>Records that come first, if they were captured here.</summary>
    internal virtual IEnumerable<Guid> DependsOn => [];

    /// <summary>The body as it goes on the wire, with its totals.</summary>
    internal abstract object ToBody(TaxRounding rounding);

    /// <summary>What was entered for a captured body.</summary>
    internal static NewRecord Of(string kind, JsonElement body) => kind switch
    {
        Kinds.Customer => NewCustomer.Of(body.Deserialize<CustomerBody>(ContractJson.Options)!),
        Kinds.Order => NewOrder.Of(body.Deserialize<OrderBody>(ContractJson.Options)!),
        Kinds.Quote => NewQuote.Of(body.Deserialize<QuoteBody>(ContractJson.Options)!),
        Kinds.Sale => NewSale.Of(body.Deserialize<SaleBody>(ContractJson.Options)!),
        Kinds.Lead => NewLead.Of(body.Deserialize<LeadBody>(ContractJson.Options)!),
        Kinds.Activity => NewActivity.Of(body),
        Kinds.Receipt => NewReceipt.Of(body.Deserialize<ReceiptBody>(ContractJson.Options)!),
        _ => throw new DeviceTrouble("record.kindUnknown", $"This version of the app cannot open entries of the kind \"{kind}\". Update the app."),
    };
}
