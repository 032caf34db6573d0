using System.Text.Json;

namespace OrderSync.Console.Orders;

/// <summary>A customer in a list of names.</summary>
internal sealed record NamedCustomer(Guid Id, string? Number, string? Code, string Name, string? Email, string? City, bool Active, string? Source, bool Captured);

/// <summary>A page of them.</summary>
internal sealed record CustomerList(IReadOnlyList<NamedCustomer> Customers, Guid? Next);

/// <summary>How a customer came from a device.</summary>
internal sealed record CustomerCapture(string State, int Rev, string Rep, Guid DeviceId, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt);

/// <summary>One customer with all that is known.</summary>
internal sealed record CustomerDetail(
    Guid Id, string? Number, string? Code, JsonElement Body, bool Active, bool Removed, string? Source, CustomerCapture? Capture, IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<FoundRecord> Records, string? Next)
{
    /// <summary>As shown.</summary>
    public string Name => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "";

    /// <summary>What is known, in words for people.</summary>
    public IEnumerable<Fact> Facts
    {
        get
        {
            if (Number is { Length: > 0 })
                yield return new("Number in the ERP", Number);
            if (Code is { Length: > 0 })
                yield return new("Code", Code);
            if (Body.ValueKind == JsonValueKind.Object)
                foreach (var fact in CapturedDocument.FactsOf(Body).Where(fact => fact.Name is not ("Name" or "Code")))
                    yield return fact;
        }
    }
}
