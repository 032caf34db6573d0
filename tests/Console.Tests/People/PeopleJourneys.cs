using OrderSync.Testing;
using Microsoft.Playwright;
using OrderSync.Gateway.Tests.Office.People;

namespace OrderSync.Console.Tests.People;

/// <summary>Owners look after who may use the office.</summary>
[Collection("console of people and devices")]
[InCi]
public sealed class PeopleJourneys(ConsoleFixture console)
{
    [Fact]
    public async Task An_owner_invites_a_viewer_who_signs_in_and_sees_no_button_that_changes_something()
    {
        using var owner = await TestPerson.JoinAsync(console, "owner", name: "Olga Owner");
        var email = $"vera.{Guid.NewGuid():N}@people.example";
        var page = await console.OpenWithAsync(owner.Token);
        await page.GotoAsync("/people");
        await page.GetByRole(AriaRole.Link, new() { Name = "Invite somebody" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Vera Viewer");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByRole(AriaRole.Radio, new() { Name = "viewer" }).CheckAsync();
        await console.PictureAsync(page, "people-invite");
        await page.IsGoodAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Make the invitation" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Give this to Vera Viewer" })).ToBeVisibleAsync();
        await console.PictureAsync(page, "people-invited");
        await page.IsGoodAsync();
        var link = await page.Locator("dd code").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "Vera Viewer" })).ToContainTextAsync("Invited");

        var viewer = await console.OpenAsStrangerAsync();
        await viewer.GotoAsync(link);
        await Assertions.Expect(viewer.GetByLabel("Your name")).ToHaveValueAsync("Vera Viewer");
        await viewer.GetByLabel("Password").FillAsync(TestPerson.Password);
        await viewer.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Assertions.Expect(viewer.GetByRole(AriaRole.Heading, new() { Name = "Codes when you sign in" })).ToBeVisibleAsync();
        await viewer.GotoAsync("/");
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = "People" }).CountAsync());
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Button).CountAsync());
        var refused = await viewer.GotoAsync("/people");
        Assert.Equal(403, refused!.Status);
        await Assertions.Expect(viewer.GetByRole(AriaRole.Heading, new() { Name = "Not yours to see" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_owner_changes_a_role_makes_a_new_invitation_and_switches_somebody_off()
    {
        using var owner = await TestPerson.JoinAsync(console, "owner", name: "Otto Owner");
        using var person = await TestPerson.JoinAsync(console, "office", name: "Karl Colleague");
        var page = await console.OpenWithAsync(owner.Token);
        var theirs = await console.OpenWithAsync(person.Token);
        await page.GotoAsync("/people");
        await console.PictureAsync(page, "people");
        await page.IsGoodAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Karl Colleague" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "viewer" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change role" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Karl Colleague has the role viewer now.");
        await theirs.GotoAsync("/");
        await Assertions.Expect(theirs.GetByText("viewer · First company").Last).ToBeVisibleAsync();
        await console.PictureAsync(page, "people-one");
        await page.IsGoodAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Make a new invitation" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Give this to Karl Colleague" })).ToBeVisibleAsync();
        await theirs.GotoAsync("/me");
        await Assertions.Expect(theirs.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Karl Colleague is switched off.");
        await Assertions.Expect(page.GetByText("Switched off", new() { Exact = true })).ToBeVisibleAsync();
    }
}
