using OrderSync.Email;

namespace OrderSync.Connectors.Tests.Email;

public sealed class RecipientsTests
{
    private static readonly EmailSettings Settings = new() { From = "orders@n.example", FromName = "N", Internal = ["Office@n.example", "lager@n.example"] };

    [Fact]
    public void F112_Customer_and_internal_list_are_told_of_the_confirmation_and_the_rep_that_it_is_stored() => Assert.Equal(
        ["confirmed/buyer@c.example", "confirmed/office@n.example", "confirmed/lager@n.example", "stored/ada@n.example"],
        Targets(Settings, "Buyer@C.example", "ada@n.example"));

    [Fact]
    public void Somebody_on_several_lists_gets_one_mail() =>
        Assert.Equal(["confirmed/office@n.example", "confirmed/lager@n.example"], Targets(Settings, "office@n.example", "LAGER@n.example"));

    [Fact]
    public void Several_addresses_in_one_field_are_several_recipients() =>
        Assert.Equal(["confirmed/a@c.example", "confirmed/b@c.example"], Targets(Settings with { Internal = [] }, "a@c.example; b@c.example", null));

    [Fact]
    public void Customer_and_rep_can_be_left_out() =>
        Assert.Empty(Targets(Settings with { OrdersTo = ["internal"], Internal = [] }, "a@c.example", "ada@n.example"));

    [Theory]
    [InlineData("", "N", null, "From is")]
    [InlineData("a@n.example", "", null, "FromName")]
    [InlineData("a@n.example", "N", "http://mail.example", "Server")]
    public void Settings_that_cannot_work_say_what_to_enter(string from, string name, string? server, string says) =>
        Assert.StartsWith(says, new EmailSettings { From = from, FromName = name, Server = server }.WhyNot());

    [Fact]
    public void A_password_never_travels_in_the_clear() =>
        Assert.Contains("RequireTls", (Settings with { UserName = "u", Password = "p" }).WhyNot());

    [Fact]
    public void Settings_that_work_are_taken() => Assert.Null((Settings with { Server = "smtp://mail.example:587" }).WhyNot());

    private static IEnumerable<string> Targets(EmailSettings settings, string? customer, string? rep) =>
        Recipients.Of(AnOrder.With(customerEmail: customer, repEmail: rep).Message(), settings).Select(recipient => recipient.Target);
}
