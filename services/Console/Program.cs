using OrderSync.Console;
using OrderSync.Console.Gateway;
using OrderSync.Console.Layout;
using OrderSync.Console.Orders;
using OrderSync.Console.Overview;
using OrderSync.Console.SignIn;
using OrderSync.ServiceDefaults;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddServiceDefaults();
builder.AddGatewayClient();
builder.AddSessions();
builder.AddFormKeys();
builder.AddLive();
builder.Services.AddRazorComponents();

var app = builder.Build();
app.UseTroublePages();
app.UseBrowserRules();
app.UseStaticFiles();
app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapDefaultEndpoints();
app.MapRecords();
app.MapLive();
app.MapRazorComponents<App>().RequireAuthorization();
await app.RunAsync();
