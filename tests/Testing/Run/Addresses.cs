namespace OrderSync.Testing.Run;

/// <summary>The broker, and its management API with name and password.</summary>
public sealed record RabbitAddress(Uri Broker, Uri Management);

/// <summary>Where mail is handed in, and where it is read.</summary>
public sealed record MailAddresses(Uri Smtp, Uri Page);

/// <summary>The real Tryton.</summary>
/// <param name="User">Who connections sign in as.</param>
/// <param name="Password">Of that user and of its administrator.</param>
/// <param name="Postgres">The administrator of the PostgreSQL that databases are kept in.</param>
/// <param name="MakeDatabaseAsync">Makes a database of this name, with its books set up.</param>
/// <param name="StartAsync">
/// Starts a server. Whoever uses one opens all databases first: while Tryton opens one, calls to the others fail at random, since their models share classes.
/// </param>
public sealed record TrytonAddress(string User, string Password, string Postgres, Func<string, Task> MakeDatabaseAsync, Func<Task<AppHost.Local.Servers.TrytonServer>> StartAsync);
