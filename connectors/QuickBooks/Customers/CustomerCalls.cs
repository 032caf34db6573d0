using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>QuickBooks' customers: find, create, change.</summary>
internal sealed class CustomerCalls(QuickBooksClient quickBooks)
{
    private const string Any = " and Active in (true,false)";

    /// <summary>A customer by its id; null when it is not there.</summary>
    public async Task<CustomerRow?> FindAsync(Steps steps, string id, CancellationToken stop) =>
        (await quickBooks.GetAsync(steps, $"customer/{Uri.EscapeDataString(id)}", $"customer {id}", stop, fault => fault.Code == QuickBooksErrors.Missing)).Customer;

    /// <summary>The customers of an e-mail address, inactive ones too.</summary>
    public Task<IReadOnlyList<CustomerRow>> FindByEmailAsync(Steps steps, string email, CancellationToken stop) =>
        quickBooks.FindAsync(steps, "Customer", "PrimaryEmailAddr", email, Any, rows => rows.Customer, row => row.PrimaryEmailAddr?.Address, $"customer {email}", stop);

    /// <summary>The customer of a name, inactive ones too.</summary>
    public Task<IReadOnlyList<CustomerRow>> FindByNameAsync(Steps steps, string name, CancellationToken stop) =>
        quickBooks.FindAsync(steps, "Customer", "DisplayName", name, Any, rows => rows.Customer, row => row.DisplayName, $"customer {name}", stop);

    /// <summary>Creates a customer; null when a customer, supplier or employee has the name.</summary>
    public async Task<CustomerRow?> CreateAsync(Steps steps, string key, CustomerChange customer, CancellationToken stop) =>
        (await quickBooks.PostAsync(steps, "customer", key, customer, $"customer {customer.DisplayName}", stop, fault => fault.Code == QuickBooksErrors.NameTaken)).Customer;

    /// <summary>Changes a customer.</summary>
    public async Task<CustomerRow> ChangeAsync(Steps steps, string key, CustomerRow theirs, CustomerChange change, CancellationToken stop) =>
        (await quickBooks.PostAsync(steps, "customer", QuickBooksClient.KeyAt(key, change.SyncToken), change, $"customer {theirs.DisplayName}", stop)).Customer!;
}
