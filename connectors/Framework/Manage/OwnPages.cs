using Microsoft.AspNetCore.Routing;

namespace OrderSync.Framework.Manage;

/// <summary>The connector's own pages, see <see cref="IConnector.MapManage"/>.</summary>
internal sealed record OwnPages(Action<IEndpointRouteBuilder> Map);
