using OrderSync.AppHost.Local;

namespace OrderSync.AppHost.Tests.Local;

public sealed class StateFolderTests : IDisposable
{
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Closed = (UnixFileMode)0b111_000_000;

    private readonly string checkout = Directory.CreateTempSubdirectory("checkout").FullName;

    [Fact]
    public void A_checkout_that_others_can_enter_keeps_its_state_inside()
    {
        Directory.CreateDirectory(Path.Combine(checkout, "inner"), Open);
        SetMode(checkout, Open);
        Assert.Equal(Path.Combine(checkout, "inner", ".ordersync"), StateFolder.For(Path.Combine(checkout, "inner"), user: 1000));
    }

    [Fact]
    public void A_checkout_behind_a_closed_folder_keeps_its_state_under_var_tmp()
    {
        Directory.CreateDirectory(Path.Combine(checkout, "inner"), Open);
        SetMode(checkout, Closed);
        Assert.Matches("^/var/tmp/ordersync-1000-[0-9a-f]{8}$", StateFolder.For(Path.Combine(checkout, "inner"), user: 1000));
    }

    [Fact]
    public void Root_keeps_its_state_under_var_tmp()
    {
        SetMode(checkout, Open);
        Assert.Matches("^/var/tmp/ordersync-0-[0-9a-f]{8}$", StateFolder.For(checkout, user: 0));
    }

    [Fact]
    public void Two_checkouts_have_two_folders_and_each_always_the_same() =>
        Assert.Equal(
            [StateFolder.For("/a", 0), StateFolder.For("/b", 0)],
            new[] { StateFolder.For("/a", 0), StateFolder.For("/b", 0) }.Distinct());

    [Fact]
    public void Others_can_pass_through_the_folder_but_not_list_it()
    {
        var folder = Path.Combine(checkout, "state");
        StateFolder.Create(folder);
        Assert.Equal((UnixFileMode)0b111_001_001, new DirectoryInfo(folder).UnixFileMode);
    }

    public void Dispose() => Directory.Delete(checkout, recursive: true);

    private static void SetMode(string folder, UnixFileMode mode) => new DirectoryInfo(folder).UnixFileMode = mode;
}
