OrderSync.Framework.ConnectorHost.Run<OrderSync.Zoho.ZohoConnector>(args);
