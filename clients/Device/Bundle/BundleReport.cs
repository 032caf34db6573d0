namespace OrderSync.Device;

/// <summary>What was written into a bundle.</summary>
/// <param name="Id">By which the office finds it.</param>
/// <param name="Parts">Each stands for itself.</param>
/// <param name="Records">In all of them. They stay in the outbox until the gateway has answered for them.</param>
/// <param name="TooLarge">Entries that are larger than a part may be: make them smaller, or send them online.</param>
public sealed record BundleReport(Guid Id, int Parts, int Records, IReadOnlyList<Guid> TooLarge);
