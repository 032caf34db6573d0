namespace OrderSync.AppHost.Local.Servers;

/// <summary>Where a local server lives and how it is reached; it always listens on 127.0.0.1 only.</summary>
/// <param name="Folder">Its own folder: data, configuration and log. Nobody else may run a server in it.</param>
/// <param name="Port">The port clients connect to.</param>
/// <param name="Password">The password of the administrator account; kept by the caller between starts.</param>
/// <param name="StateTag">Given to every child as ORDERSYNC_STATE, so that all processes of one state folder can be found.</param>
public record ServerOptions(string Folder, int Port, string Password, string StateTag);

/// <summary>RabbitMQ needs two more ports, and a third when the management page and API are wanted.</summary>
public sealed record RabbitOptions(
    string Folder, int Port, string Password, string StateTag, int EpmdPort, int DistributionPort, int? ManagementPort = null)
    : ServerOptions(Folder, Port, Password, StateTag);

/// <summary>The mail server has a web page and is installed once into a folder shared between runs.</summary>
public sealed record MailOptions(string Folder, int Port, string StateTag, int WebPort, string Tools)
    : ServerOptions(Folder, Port, "", StateTag);

/// <summary>Tryton keeps its databases in a PostgreSQL on this machine, under a role of its own with the same password as its user admin.</summary>
public sealed record TrytonOptions(string Folder, int Port, string Password, string StateTag, int PostgresPort, string PostgresPassword)
    : ServerOptions(Folder, Port, Password, StateTag);
