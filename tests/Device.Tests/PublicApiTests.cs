using System.Reflection;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>Apps are built on it: a change is seen, and wanted.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var lines = typeof(SyncDevice).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Describe);
        var actual = string.Join('\n', lines) + "\n";
        var approved = Path.Combine(Repository.Root, "tests/Device.Tests/api.approved.txt");
        if (Environment.GetEnvironmentVariable("ORDERSYNC_APPROVE") == "1")
            File.WriteAllText(approved, actual);

        Assert.Equal(File.ReadAllText(approved), actual);
    }

    private static IEnumerable<string> Describe(Type type)
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var kind = type.IsEnum ? "enum" : type.IsAbstract ? "abstract class" : "class";
        yield return $"{kind} {type.Name}{(type.BaseType is { } parent && parent != typeof(object) && !type.IsEnum ? $" : {parent.Name}" : "")}";
        if (type.IsEnum)
        {
            foreach (var name in type.GetEnumNames())
                yield return $"  {name}";
            yield break;
        }

        // What every record has goes without saying.
        foreach (var member in type.GetMembers(own).Where(member => !(member is MethodInfo { IsSpecialName: true } || member.Name is "<Clone>$" or "Equals" or "GetHashCode" or "Deconstruct" or "ToString"))
            .Select(member => $"  {member}").Order(StringComparer.Ordinal))
            yield return member.Replace("OrderSync.Contracts.Records.", "", StringComparison.Ordinal).Replace("OrderSync.Device.", "", StringComparison.Ordinal).Replace("System.", "", StringComparison.Ordinal);
    }
}
