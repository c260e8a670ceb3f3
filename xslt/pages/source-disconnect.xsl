<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/sources/SID/disconnect: asks before a billing source is disconnected. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'source-disconnect']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<div class="card small pad" data-popup="">
		<p>Runs of account <span class="mono"><xsl:value-of select="t:source/@account"/></span> (<bdi><xsl:value-of select="t:source/@report"/></bdi>) are not taken any more, and it no longer counts for the source data of <bdi><xsl:value-of select="t:customer/@name"/></bdi>. What was ingested stays in the history; the account can be connected again.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/sources')"/>
				<xsl:with-param name="cancel-label">Back</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
