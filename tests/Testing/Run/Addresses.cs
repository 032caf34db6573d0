namespace OrderSync.Testing.Run;

/// <summary>The broker, and its management API with name and password.</summary>
public sealed record RabbitAddress(Uri Broker, Uri Management);

/// <summary>Where mail is handed in, and where it is read.</summary>
public sealed record MailAddresses(Uri Smtp, Uri Page);
