using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>NetSuite's customers: find, create, change.</summary>
internal sealed class CustomerCalls(NetSuiteClient netSuite)
{
    private const string Record = "customer";
    private const string AddressBook = "addressBook";

    /// <summary>A customer by its id; null when it is not there.</summary>
    public Task<CustomerRecord?> FindAsync(Steps steps, string id, CancellationToken stop) => netSuite.FindAsync<CustomerRecord>(steps, Record, id, $"customer {id}", stop);

    /// <summary>The customer of our key, and those of an e-mail address.</summary>
    public async Task<IReadOnlyList<CustomerRow>> LookAsync(Steps steps, string key, string? email, string what, CancellationToken stop)
    {
        var answer = await (email is null
            ? netSuite.QueryAsync(steps, $"SELECT id, externalid, email FROM customer WHERE externalid = {key}", what, stop)
            : netSuite.QueryAsync(steps, $"SELECT id, externalid, email FROM customer WHERE externalid = {key} OR email = {email}", what, stop));
        return [.. answer.Items!.Select(row => new CustomerRow(row["id"]!, row.GetValueOrDefault("externalid"), row.GetValueOrDefault("email")))];
    }

    /// <summary>Creates the customer of our key; null when a customer, supplier or employee has its name.</summary>
    public Task<string?> CreateAsync(Steps steps, string key, CustomerChange customer, string what, CancellationToken stop) =>
        netSuite.PutAsync(steps, Record, key, customer.AddressBook is null ? null : AddressBook, customer, what, stop, NetSuiteErrors.IsNameTaken);

    /// <summary>Changes a customer.</summary>
    public Task<string> ChangeAsync(Steps steps, string id, CustomerChange change, string what, CancellationToken stop) =>
        netSuite.PatchAsync(steps, Record, id, change.AddressBook is null ? null : AddressBook, change, what, stop);
}
