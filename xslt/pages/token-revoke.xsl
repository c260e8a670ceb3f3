<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/tokens/TID/revoke: asks before a token is ended. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'token-revoke']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<div class="card small pad" data-popup="">
		<p>The token <bdi><xsl:value-of select="t:api-token/@name"/></bdi> (<xsl:value-of select="t:api-token/@scope"/>) ends at once: programs that use it are refused. This cannot be taken back.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/tokens')"/>
				<xsl:with-param name="cancel-label">Back</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
