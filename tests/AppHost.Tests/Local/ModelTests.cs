using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrderSync.AppHost.Tests.Local;

public sealed class ModelTests
{
    private readonly DistributedApplicationBuilder builder = DistributedApplication.CreateBuilder([]);

    [Fact]
    public void Parts_start_after_what_they_wait_for()
    {
        var late = builder.AddProject<Projects.Gateway>("late");
        var database = builder.AddPostgres("server").AddDatabase("data");
        var migration = builder.AddProject<Projects.Gateway>("migration").WaitFor(database);
        late.WaitForCompletion(migration);
        Assert.Equal(["server", "migration", "late"], builder.Model().InStartOrder.Select(part => part.Name));
    }

    [Fact]
    public void Parts_that_wait_for_each_other_are_named()
    {
        var one = builder.AddRedis("one");
        var two = builder.AddRedis("two").WaitFor(one);
        one.WaitFor(two);
        var trouble = Assert.Throws<DistributedApplicationException>(builder.Model);
        Assert.Equal("These wait for each other: one → two → one.", trouble.Message);
    }

    [Fact]
    public void A_name_is_given_once_whatever_its_case()
    {
        builder.AddRedis("cache");
        Assert.Throws<DistributedApplicationException>(() => builder.AddProject<Projects.Gateway>("Cache"));
    }

    [Fact]
    public void Nobody_can_wait_for_something_that_does_not_run()
    {
        var text = builder.AddConnectionString("text", ReferenceExpression.Create($"Host=somewhere"));
        Assert.Throws<DistributedApplicationException>(() => builder.AddProject<Projects.Gateway>("gateway").WaitFor(text));
    }

    [Fact]
    public void Asking_for_a_part_brings_what_it_waits_for_and_no_more()
    {
        var server = builder.AddPostgres("server");
        builder.AddRedis("unwanted");
        builder.AddProject<Projects.Gateway>("gateway").WaitFor(server);
        Assert.Equal(["server", "gateway"], builder.Model().Needed(["gateway"]).Select(part => part.Name));
    }

    [Fact]
    public void An_unknown_part_is_answered_with_the_known_ones()
    {
        builder.AddRedis("redis");
        var trouble = Assert.Throws<DistributedApplicationException>(() => builder.Model().Needed(["reddis"]));
        Assert.Equal("There is no part 'reddis'. Parts: redis.", trouble.Message);
    }
}
