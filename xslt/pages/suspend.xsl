<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/suspend: asks before a customer is suspended; opens as a dialog. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'suspend']" mode="heading">Suspend <xsl:value-of select="/t:page/t:customer/@name"/>?</xsl:template>

<xsl:template match="t:page[@kind = 'suspend']" mode="content">
	<xsl:for-each select="t:customer">
		<xsl:call-template name="popup-head"/>
		<div class="card small pad" data-popup="">
			<p>Its users, and those of everything below it, are logged out and cannot log in until it is reactivated. Its API tokens stop working. Nothing is deleted.</p>
			<form class="foot" method="post" action="{$base}customers/{@id}/suspend">
				<xsl:call-template name="token"/>
				<button class="danger">Suspend</button>
				<a class="button quiet" href="{$base}customers/{@id}" data-close="">Cancel</a>
			</form>
		</div>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
