using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Customers;

/// <summary>How a record names its customer: by id, by number in the ERP or by code.</summary>
internal static class CustomerChoice
{
    private const int MostText = 60;

    public static bool IsMissing(CustomerReference? customer) => customer is null or { Id: null, Number: null or "", Code: null or "" } || customer.Id == Guid.Empty;

    /// <summary>A customer named by its id may have been captured offline and still be on its way.</summary>
    public static IEnumerable<Awaited> Awaits(CustomerReference? customer) => customer?.Id is { } id && id != Guid.Empty ? [Awaited.Customer(id)] : [];

    public static void Want(CustomerReference? customer, Wanted wanted)
    {
        if (customer?.Number is { Length: > 0 and <= MostText } number)
            wanted.CustomerNumbers.Add(number);
        if (customer?.Code is { Length: > 0 and <= MostText } code)
            wanted.CustomerCodes.Add(code);
    }

    /// <summary>Finds the customer; a number or code that nobody has yet is the office's to add.</summary>
    public static void Find(Judged judged, CustomerReference customer, Known known)
    {
        judged.CustomerId = customer switch
        {
            { Id: { } id } => known.Survivors.GetValueOrDefault(id, id),
            { Number: { } number } when known.CustomersByNumber.TryGetValue(number, out var id) => id,
            { Code: { } code } when known.CustomersByCode.TryGetValue(code, out var id) => id,
            _ => null,
        };
        if (judged.CustomerId is null)
        {
            judged.Hold(new Fault("customer.codeUnknown", "customer", new Dictionary<string, string>
            {
                ["customer"] = customer.Number is { Length: > 0 } shown ? shown : customer.Code!,
                ["number"] = customer.Number ?? "",
                ["code"] = customer.Code ?? "",
            }));
        }
    }
}
