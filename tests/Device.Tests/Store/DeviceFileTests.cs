using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>What can be wrong with a device's file, and what the person is told.</summary>
public sealed class DeviceFileTests
{
    [Fact]
    public async Task A_second_process_is_refused_and_says_why()
    {
        using var folder = new ScratchFolder();
        using var device = Open(folder.File);

        using var second = CapturingApp.Start(folder.File);
        var said = second.StandardError.ReadToEndAsync();
        await Task.WhenAny((Task)said, second.StandardOutput.ReadLineAsync());
        // One that was let in would go on for ever.
        second.Kill();
        await second.WaitForExitAsync();

        Assert.Equal((3, "device.inUse"), (second.ExitCode, (await said).Trim()));
        Assert.Equal("device.inUse", Assert.Throws<DeviceTrouble>(() => Open(folder.File)).Code);
        Assert.Equal(1, device.Capture(new NewCustomer("Still mine")).Seq);
    }

    [Fact]
    public void A_full_storage_is_said_and_loses_nothing_that_was_confirmed()
    {
        using var folder = new ScratchFolder();
        var confirmed = 0L;
        using (var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere, MostPages = 40 }))
        {
            var trouble = Assert.Throws<DeviceTrouble>(() =>
            {
                while (confirmed < 1_000)
                    confirmed = device.Capture(new NewCustomer("Ana's Bikes") { Notes = new string('x', 2_000) }).Seq;
            });
            Assert.Equal("device.full", trouble.Code);
            Assert.Equal(confirmed, device.State.ToSend);
        }

        Assert.True(confirmed > 10);
        using var again = Open(folder.File);
        Assert.Equal(Enumerable.Range(1, (int)confirmed).Select(seq => (long)seq), again.Records().Select(record => record.Seq));
        Assert.Equal(confirmed + 1, again.Capture(new NewCustomer("Next")).Seq);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_file_is_said_to_be_damaged_and_left_as_it_is(bool fromTheStart)
    {
        using var folder = new ScratchFolder();
        using (var device = Open(folder.File))
        {
            for (var i = 0; i < 50; i++)
                device.Capture(new NewCustomer("Ana's Bikes") { Notes = new string('x', 2_000) });
        }

        var bytes = File.ReadAllBytes(folder.File);
        bytes.AsSpan(fromTheStart ? 0 : 8 * 4_096, 16 * 4_096).Fill(0xA5);
        File.WriteAllBytes(folder.File, bytes);

        Assert.Equal("device.damaged", Assert.Throws<DeviceTrouble>(() => Open(folder.File)).Code);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(File.ReadAllBytes(folder.File)));
    }

    [Fact]
    public void A_file_of_a_newer_app_is_left_alone()
    {
        using var folder = new ScratchFolder();
        Open(folder.File).Dispose();
        using (var connection = new SqliteConnection($"Data Source={folder.File};Pooling=False"))
        {
            connection.Open();
            using var newer = new SqliteCommand("pragma user_version = 99", connection);
            newer.ExecuteNonQuery();
        }

        Assert.Equal("device.newer", Assert.Throws<DeviceTrouble>(() => Open(folder.File)).Code);
    }

    [Theory]
    [InlineData(1, "drop table setup_switch; alter table device drop column gateway;")]
    [InlineData(2, "")]
    public void A_file_of_a_version_before_is_taken_on_with_all_it_holds(int version, string older)
    {
        using var folder = new ScratchFolder();
        Guid captured;
        using (var device = Open(folder.File))
            captured = device.Capture(new NewCustomer("From before")).Id;
        using (var file = DeviceFile.Open(folder.File, null))
            file.Write(() => file.Execute($"""
                alter table device drop column bundle_key_id; alter table device drop column bundle_key; alter table record drop column exported_at; {older}
                pragma user_version = {version}
                """));

        using var taken = Open(folder.File);
        taken.Switch(new SetupSwitches { OfflineMode = true });

        Assert.Equal((1, captured), (taken.State.ToSend, taken.Records()[0].Id));
        Assert.Equal(new SetupSwitches { OfflineMode = true }, taken.Switches);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File, "");

        Assert.Equal("device.storage", Assert.Throws<DeviceTrouble>(() => Open(Path.Combine(folder.File, "device.db"))).Code);
    }

    [Fact]
    public void A_key_of_the_platform_s_store_is_never_written_and_no_other_opens_the_file()
    {
        using var folder = new ScratchFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Open(folder.File, key).Dispose();

        Assert.DoesNotContain(Convert.ToHexString(key.ExportParameters(includePrivateParameters: true).D!), Convert.ToHexString(File.ReadAllBytes(folder.File)), StringComparison.Ordinal);
        Assert.Equal("device.otherKey", Assert.Throws<DeviceTrouble>(() => Open(folder.File)).Code);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("device.otherKey", Assert.Throws<DeviceTrouble>(() => Open(folder.File, other)).Code);
        Open(folder.File, key).Dispose();
    }

    [Fact]
    public void Only_its_owner_can_read_the_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new ScratchFolder();
        using var device = Open(folder.File);

        foreach (var file in Directory.GetFiles(folder.Folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static SyncDevice Open(string file, ECDsa? key = null) => SyncDevice.Open(file, new DeviceOptions { Gateway = CapturingApp.Nowhere, Key = key });
}
