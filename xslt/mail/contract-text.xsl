<?xml version="1.0" encoding="UTF-8"?>
<!-- The text of a mail about a contract; what has happened to it is @kind of the mail. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:output method="text" encoding="UTF-8"/>

<xsl:template match="/">
	<xsl:for-each select="t:mail/t:contract">
		<xsl:value-of select="concat('Hello,&#10;&#10;The contract “', @name, '” of ', @tenant)"/>
		<xsl:choose>
			<xsl:when test="../@kind = 'contract-active'"> has been marked as active</xsl:when>
			<xsl:when test="../@kind = 'contract-changed'"> has been changed</xsl:when>
			<xsl:when test="../@kind = 'contract-cancelled'"> has been cancelled</xsl:when>
			<xsl:otherwise> has been superseded</xsl:otherwise>
		</xsl:choose>
		<xsl:if test="@maker"><xsl:value-of select="concat(' by ', @maker)"/></xsl:if>
		<xsl:text>.&#10;&#10;</xsl:text>
		<xsl:choose>
			<xsl:when test="../@kind = 'contract-active'"><xsl:call-template name="term"/></xsl:when>
			<xsl:when test="../@kind = 'contract-changed'"><xsl:apply-templates select="t:change"/></xsl:when>
			<xsl:when test="../@kind = 'contract-cancelled'"><xsl:if test="@reason"><xsl:value-of select="concat('Reason: ', @reason, '&#10;')"/></xsl:if></xsl:when>
			<xsl:otherwise><xsl:call-template name="successor"/></xsl:otherwise>
		</xsl:choose>
		<xsl:value-of select="concat('&#10;It is here:&#10;&#10;', ../@link, '&#10;&#10;You get this because the contract names your address for its changes, or did until now.&#10;&#10;-- &#10;', ../@product, '&#10;')"/>
	</xsl:for-each>
</xsl:template>

<xsl:template name="term">
	<xsl:value-of select="concat('Start: ', @start, '&#10;End: ')"/>
	<xsl:choose><xsl:when test="@end"><xsl:value-of select="@end"/></xsl:when><xsl:otherwise>open</xsl:otherwise></xsl:choose>
	<xsl:value-of select="concat('&#10;Renewal: ', @renewal, '&#10;')"/>
</xsl:template>

<xsl:template match="t:change">
	<xsl:value-of select="concat(@label, ': ')"/>
	<xsl:choose><xsl:when test="@from"><xsl:value-of select="normalize-space(@from)"/></xsl:when><xsl:otherwise>---</xsl:otherwise></xsl:choose>
	<xsl:text> → </xsl:text>
	<xsl:choose><xsl:when test="@to"><xsl:value-of select="normalize-space(@to)"/></xsl:when><xsl:otherwise>---</xsl:otherwise></xsl:choose>
	<xsl:text>&#10;</xsl:text>
</xsl:template>

<!-- One that ends before it starts was superseded before it began. -->
<xsl:template name="successor">
	<xsl:if test="@successor"><xsl:value-of select="concat('“', @successor, '” takes its place. ')"/></xsl:if>
	<xsl:choose>
		<xsl:when test="translate(@end, '-', '') &lt; translate(@start, '-', '')">It does not begin.&#10;</xsl:when>
		<xsl:otherwise><xsl:value-of select="concat('Its last day is ', @end, '.&#10;')"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>
</xsl:stylesheet>
